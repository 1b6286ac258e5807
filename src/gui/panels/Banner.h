// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"

#include <QSet>
#include <functional>

namespace understudy {

/// One sentence under the toolbar, at most one button, and a cross. One at a time, the worst.
class Banner final : public QWidget
{
    Q_OBJECT
public:
    explicit Banner(QWidget *parent = nullptr);
    /// Shows @p sentence unless a worse one is up. @p key names what it is about: the same key replaces.
    void say(const QString &key, Glyph glyph, const QString &sentence, const QString &button = {},
             const std::function<void()> &act = {});
    void clear(const QString &key); ///< Goes if it is about this.
    QString sentence() const;
    QString key() const { return m_key; }
    QSize sizeHint() const override; ///< As high as its sentence needs at its width
    QSize minimumSizeHint() const override { return {240, sizeHint().height()}; }

Q_SIGNALS:
    void shown(bool visible); ///< The strip around it should show or hide.

protected:
    void paintEvent(QPaintEvent *) override;
    void resizeEvent(QResizeEvent *) override; ///< Wider is less high.

private:
    GlyphLabel *m_glyph;
    TextLabel *m_sentence;
    QPushButton *m_button;
    QPushButton *m_close;
    QString m_key;
    QSet<QString> m_closed; ///< Closed by the person: the same sentence does not come back.
    std::function<void()> m_act;
};

} // namespace understudy
