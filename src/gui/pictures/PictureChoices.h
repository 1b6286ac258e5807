// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/Picture.h"

namespace understudy {

/// What a picture is made of: what the window shows, at the moment it was asked for.
struct PictureSubject
{
    Topology topology;
    QHash<NodeId, CardExtras> extras;
    PictureArrangement arrangement; ///< Of the window
    QSize window{1200, 700};        ///< Of the graph in it; device-independent pixels
    ThemeKind theme = ThemeKind::Light;
    QString title;     ///< The cluster's
    bool past = false; ///< The window shows a moment that is over
};

/// What a person chose for pictures of the graph. A value.
struct PictureChoices
{
    enum class Size { Window, Usual, Wide, A4, Own };
    enum class Look { Window, Light, Dark };

    QString format = QStringLiteral("png"); ///< png, svg or pdf
    int scale = 2;                          ///< 1 to 4; of images
    Size size = Size::Window;
    QSize own{1200, 700};
    Look look = Look::Window;
    bool tidy = false; ///< Cards that were placed by hand go where the layout would put them
    bool legend = true, title = true, time = true, findings = false, redact = false;

    /// What was chosen last, on this machine; anything that makes no sense is as if never chosen. Worker
    /// thread.
    static PictureChoices load();
    void save() const; ///< Worker thread.

    QSize sizeOf(const PictureSubject &subject) const;
    /// As @p title is written; whether there is a title is one of the choices. Of an image: scaled.
    PictureOptions options(const PictureSubject &subject, const QString &title, bool image) const;
    bool operator==(const PictureChoices &) const = default;
};

} // namespace understudy
