// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeEditScene.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace understudy;
using namespace understudy::test;

namespace {

/// Changes a file as people, their editors and bad luck do.
class Mutator
{
public:
    explicit Mutator(quint32 seed) : m_random(seed) {}

    QByteArray mutated(const QByteArray &file)
    {
        QList<QByteArray> lines = file.split('\n');
        for (int i = below(4); i >= 0; --i)
            mutateLines(lines);
        QByteArray out = lines.join('\n');
        switch (below(12)) {
        case 0:
            out.replace("\r\n", "\n").replace("\n", "\r\n");
            break;
        case 1:
            out.replace("\r\n", "\n");
            break;
        case 2:
            out.prepend("\xef\xbb\xbf");
            break;
        case 3:
            while (out.endsWith('\n') || out.endsWith('\r'))
                out.chop(1);
            break;
        case 4:
            out += "\n\n# end\n\n";
            break;
        case 5:
            out[qsizetype(below(int(out.size())))] = "{}[]:,#&*!|>'\"%@ -\t\n\r\x01\xff"[below(22)];
            break;
        default:
            break;
        }
        return out;
    }
    int below(int limit) { return int(m_random.bounded(qMax(limit, 1))); }

private:
    void mutateLines(QList<QByteArray> &lines)
    {
        const int at = below(int(lines.size()));
        switch (below(10)) {
        case 0:
        case 1:
            lines.insert(at, QByteArray(below(9), ' ') + "# a comment: {with} [all] & *sorts \t\"'");
            break;
        case 2:
            lines.insert(at, QByteArray());
            break;
        case 3:
            lines.insert(at, QByteArray(below(7), ' '));
            break;
        case 4:
            lines[at].append(lines.at(at).trimmed().isEmpty() ? "" : "   # behind it");
            break;
        case 5:
            for (QByteArray &line : lines) {
                qsizetype indent = 0;
                while (indent < line.size() && line.at(indent) == ' ')
                    ++indent;
                line.prepend(QByteArray(indent, ' '));
            }
            break;
        case 6:
            lines.swapItemsAt(at, below(int(lines.size())));
            break;
        case 7:
            lines.removeAt(at);
            break;
        case 8:
            lines.insert(below(int(lines.size())), lines.at(at));
            break;
        case 9:
            lines[at].replace("- ", "-   ");
            break;
        }
        if (lines.isEmpty())
            lines << QByteArray();
    }

    QRandomGenerator m_random;
};

} // namespace

class TestComposeEditRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Whatever the file: an error, or an edit that only inserts, keeps the rest, adds what was asked for and
    /// can be taken back.
    void holdsOrRefuses()
    {
        const QByteArray given = qgetenv("UNDERSTUDY_SEED");
        const quint32 seed = given.isEmpty() ? 20261124 : given.toUInt();
        const int rounds = qEnvironmentVariableIntValue("UNDERSTUDY_ROUNDS") > 0
                               ? qEnvironmentVariableIntValue("UNDERSTUDY_ROUNDS")
                               : 800;
        qInfo("UNDERSTUDY_SEED=%u UNDERSTUDY_ROUNDS=%d", seed, rounds);
        Mutator mutator(seed);
        const QList<EditCase> cases = acceptedCases();
        QList<QByteArray> fixtures;
        for (const EditCase &one : cases)
            fixtures << editFixture(QString::fromUtf8(one.file) + QStringLiteral(".yml"));
        int accepted = 0;
        for (int round = 0; round < rounds; ++round) {
            const int index = mutator.below(int(cases.size()));
            const QByteArray before = mutator.mutated(fixtures.at(index));
            const auto project = resolvedHere(before);
            if (!project)
                continue;
            const NewComposeService &wanted = cases.at(index).wanted;
            const auto edit = addService(before, QStringLiteral("x.yml"), *project, wanted);
            if (!edit) {
                QVERIFY2(!edit.error().what.isEmpty() && edit.error().what.size() < 400, before.constData());
                continue;
            }
            ++accepted;
            const QByteArray context =
                "round " + QByteArray::number(round) + ":\n" + before + "\n=>\n" + edit->after;
            QByteArray left = edit->after;
            for (auto it = edit->inserted.crbegin(); it != edit->inserted.crend(); ++it) {
                qsizetype moved = 0;
                for (auto other = edit->inserted.cbegin(); &*other != &*it; ++other)
                    moved += other->bytes.size();
                QVERIFY2(left.mid(it->offset + moved, it->bytes.size()) == it->bytes, context.constData());
                left.remove(it->offset + moved, it->bytes.size());
            }
            QVERIFY2(left == before, context.constData());
            const auto after = resolvedHere(edit->after);
            QVERIFY2(after, context.constData());
            QVERIFY2(after->services.size() == project->services.size() + 1, context.constData());
            for (const ComposeService &service : project->services)
                QVERIFY2(after->service(service.name) && *after->service(service.name) == service,
                         context.constData());
            QVERIFY2(after->volumes.size() == project->volumes.size() + (edit->volume.isEmpty() ? 0 : 1),
                     context.constData());
            QVERIFY2(after->networks == project->networks, context.constData());
            const ComposeService *made = after->service(wanted.name);
            QVERIFY2(made && made->image == project->service(wanted.model)->image, context.constData());
            bool published = made->networkMode == QLatin1String("host");
            for (const ComposePort &port : made->ports)
                published = published || port.published == wanted.publishedPort;
            QVERIFY2(published, context.constData());
            const QByteArray theirs = "# theirs\n";
            const bool plain = !before.startsWith("\xef\xbb\xbf");
            const auto back =
                removeInserted((plain ? theirs : "") + edit->after, QStringLiteral("x.yml"), *edit);
            QVERIFY2(!back || *back == (plain ? theirs : "") + before, context.constData());
            const auto exactly = removeInserted(edit->after, QStringLiteral("x.yml"), *edit);
            QVERIFY2(exactly && *exactly == before, context.constData());
            const auto beside = overrideFile(before, QStringLiteral("x.yml"), *project, wanted);
            QVERIFY2(beside, context.constData());
        }
        qInfo("%d of %d were edited, the others refused.", accepted, rounds);
        QVERIFY(accepted > rounds / 4);
    }
};

QTEST_GUILESS_MAIN(TestComposeEditRandom)
#include "tst_compose_edit_random.moc"
