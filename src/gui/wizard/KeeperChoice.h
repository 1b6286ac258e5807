// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

#include <QWidget>

class QBoxLayout;

namespace understudy {

class Segment;
class TextLabel;

/// What keeps the new server on its machine: the suggestion first, and what each means for the next boot.
/// Hidden where there is nothing to say. Object names: "keeperChoice", "keeperSegment", "keeperWords".
class KeeperChoice final : public QWidget
{
    Q_OBJECT
public:
    explicit KeeperChoice(QWidget *parent = nullptr);

    /// What the machine of the facts has, with the request's own keeper chosen.
    void setPlace(const AddStandbyRequest &request, const AddStandbyFacts &facts);
    void comeAfter(QWidget *widget); ///< For the Tab key
    /// One sentence on what keeping it so means. @p name: of the new standby; may be empty.
    static QString meaning(const QString &keeper, const QString &name);

Q_SIGNALS:
    void chosen(const QString &keeper); ///< By the person

private:
    void makeSegment();
    void say();

    QBoxLayout *m_line;
    TextLabel *m_label;
    TextLabel *m_words;
    Segment *m_segment = nullptr;
    QStringList m_keepers; ///< The suggested one first
    QString m_keeper, m_name;
    bool m_local = true;
};

} // namespace understudy
