// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Redaction.h"
#include "paint/GraphFit.h"
#include "report/Picture.h"
#include "report/PictureFindings.h"

#include <QTransform>

namespace understudy {

/// A picture of the graph, laid out and ready to be painted, whatever into: a file, an image, a widget that
/// shows what a file will hold. A value; any thread. Text has the usual size, however large the desktop's is:
/// the picture is for others.
class DrawnPicture
{
public:
    DrawnPicture() = default; ///< Nothing: paints nothing
    DrawnPicture(const Topology &seen, const QHash<NodeId, CardExtras> &extras,
                 const PictureOptions &options);

    /// What marks say on this picture: as written, or with stand-ins where they were asked for.
    QList<Annotation> shownMarks(QList<Annotation> marks) const;

    /// Everything on the picture, in its own pixels: the painter is scaled to the device by the caller.
    void paint(QPainter &painter) const;

    QSize size() const { return m_options.size; } ///< Device-independent pixels; not scaled
    const Theme &theme() const { return Theme::of(m_options.theme); }
    QFont font() const; ///< What the roles of its texts are made from
    /// From the graph's scene (see layout()) to the picture.
    QTransform graphTransform() const { return m_fit.toTarget; }
    /// Where the cards stand in the scene; of an arrangement by hand the same as in the window at the usual
    /// text size.
    const GraphLayout &layout() const { return m_layout; }
    QRectF graphArea() const { return m_graph; } ///< The part of the picture that the graph has
    /// As drawn: with stand-ins where they were asked for.
    const Topology &topology() const { return m_topology; }
    QString title() const { return m_options.title; }
    QString pastWords() const; ///< Empty: it is of now
    qsizetype findingsLeftOut() const { return m_findings.leftOut(); }

private:
    void place();
    void placeFindings();
    void paintWords(QPainter &painter) const;

    PictureOptions m_options;
    Topology m_topology;
    QHash<NodeId, CardExtras> m_extras;
    std::optional<Redaction> m_redaction; ///< After it saw the topology and the title
    GraphStyle m_style;
    GraphLayout m_layout;
    GraphFit m_fit;
    PictureFindings m_findings;
    qint64 m_pastUs = 0;
    QRectF m_title, m_past, m_graph, m_findingsAt, m_foot;
};

} // namespace understudy
