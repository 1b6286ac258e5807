// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/StateGlyph.h"
#include "paint/Theme.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

/// Small widgets that every screen is made of. All follow Style and text scale by themselves.
/// Style sheet hooks (dynamic property "kind"): QPushButton: primary, flat, danger, small, smallFlat, link,
/// icon; QFrame: card (panel, border, radius 8), sunken, line; QLabel: page, title, node, strong, text2,
/// small, label, mono.
namespace understudy {

/// A label in one of the text roles, plain text, in a theme colour; words wrap if asked.
class TextLabel final : public QLabel
{
    Q_OBJECT
public:
    enum class Tone { Text, Text2, Text3, Accent, Ok, Warn, Crit, Held, Info, Neutral };
    explicit TextLabel(TextRole role, const QString &text = {}, QWidget *parent = nullptr,
                       Tone tone = Tone::Text);
    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *) override;

private:
    void refresh();
    TextRole m_role;
    Tone m_tone;
    bool m_refreshing = false;
};

/// A state glyph, alone or with its word beside it; tells both to a screen reader. CheckRunning turns.
class GlyphLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit GlyphLabel(int size = 16, QWidget *parent = nullptr);
    void setGlyph(Glyph glyph, const QString &word = {}); ///< Empty word: the glyph alone
    Glyph glyph() const { return m_glyph; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *) override;
    void timerEvent(QTimerEvent *) override;
    void hideEvent(QHideEvent *) override;
    void showEvent(QShowEvent *) override;

private:
    void updateTimer();
    int shownSize() const; ///< Grows with the text
    int m_size;
    Glyph m_glyph = Glyph::Unknown;
    QString m_word;
    double m_turn = 0;
    int m_timer = 0;
};

/// A rounded pill: tint, glyph, words (the health pill).
class Pill final : public QWidget
{
    Q_OBJECT
public:
    explicit Pill(QWidget *parent = nullptr);
    void set(Glyph glyph, const QString &words);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *) override;

private:
    Glyph m_glyph = Glyph::Unknown;
    QString m_words;
};

/// Mono text on sunken with a copy button; selectable; wraps only where it is told.
class CodeBox final : public QFrame
{
    Q_OBJECT
public:
    explicit CodeBox(const QString &text = {}, QWidget *parent = nullptr);
    void setText(const QString &text);
    QString text() const;

private:
    QLabel *m_label;
    QToolButton *m_copy;
};

/// A row of exclusive buttons ("Bytes | Seconds").
class Segment final : public QFrame
{
    Q_OBJECT
public:
    explicit Segment(const QStringList &labels, QWidget *parent = nullptr);
    void setIcon(int index, const QString &breezeName);
    int current() const;
    void setCurrent(int index); ///< One that is not there: none is chosen
    void setSegmentVisible(int index, bool visible);

Q_SIGNALS:
    void changed(int index);

private:
    QList<QToolButton *> m_buttons;
};

/// panel, 1 px border, radius 8.
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(QWidget *parent = nullptr);
};

/// A 1 px horizontal line in border colour.
class Line final : public QFrame
{
    Q_OBJECT
public:
    explicit Line(QWidget *parent = nullptr);
};

/// Facts as label and value rows: 112 px label (text3), value; values selectable; mono where asked.
class FactsGrid final : public QWidget
{
    Q_OBJECT
public:
    struct Fact
    {
        QString label, value;
        bool mono = false;
        QString tip = {}; ///< Plain text
    };
    explicit FactsGrid(QWidget *parent = nullptr, int labelWidth = 112);
    void setFacts(
        const QList<Fact> &facts); ///< Reuses its labels: no flicker, selection kept where text is the same
    QString asText() const;

private:
    int m_labelWidth;
    QList<std::pair<TextLabel *, TextLabel *>> m_rows;
};

/// The 9 px series mark.
class SeriesMark final : public QWidget
{
    Q_OBJECT
public:
    explicit SeriesMark(int slot = -1, QWidget *parent = nullptr);
    void setSlot(int slot); ///< -1: primary
    QSize sizeHint() const override { return {12, 12}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    int m_slot;
};

/// A window of @p usual size at the usual text size, larger with the text, as far as the screen has room.
QSize sizeForText(const QSize &usual);

QPushButton *makeButton(const QString &text, const QString &kind, const QString &icon = {},
                        QWidget *parent = nullptr);

} // namespace understudy
