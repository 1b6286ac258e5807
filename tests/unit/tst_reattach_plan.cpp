// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReattachScenes.h"
#include "operations/Reattach.h"

#include <QJsonObject>
#include <QTest>

using namespace understudy;
using test::ReattachLab;

namespace {

ReattachRequest someRequest(int standby = 2, int target = 1)
{
    return {ReattachLab::id(standby), ReattachLab::id(target), QStringLiteral("demo"), {}, {}, 0};
}

QStringList idsOf(const Plan &plan)
{
    QStringList ids;
    for (const Step &step : plan.steps)
        ids << step.id;
    return ids;
}

QString shownOf(const Plan &plan, const QString &id)
{
    for (const Step &step : plan.steps) {
        if (step.id == id)
            return step.shownCommands().join(u'\n');
    }
    return {};
}

QString everythingIn(const Plan &plan)
{
    QString all = plan.toScript();
    for (const Step &step : plan.steps)
        all += step.shownCommands().join(u'\n') + step.title + step.why + step.leftover + step.fact;
    return all;
}

} // namespace

/// The steps of a re-attach as data.
class TestReattachPlan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void steps();
    void twelveRestarts();
    void withoutAPassfile();
    void aPasswordInTheSettingGoesToAFile();
    void unreachableUpstreamKeepsItsSlot();
    void slotNames();
    void conninfo();
    void whatCannotBePlanned();
    void survivesItsJournal();
};

void TestReattachPlan::steps()
{
    const ReattachLab lab;
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QCOMPARE(plan->title, QStringLiteral("Re-attach standby2 to standby1"));
    QCOMPARE(idsOf(*plan),
             (QStringList{QStringLiteral("check"), QStringLiteral("login"), QStringLiteral("slot"),
                          QStringLiteral("point"), QStringLiteral("stream"), QStringLiteral("arrived"),
                          QStringLiteral("drop")}));
    QVERIFY(shownOf(*plan, QStringLiteral("check")).contains(QStringLiteral("<= '0000000000000005'")));
    QVERIFY(shownOf(*plan, QStringLiteral("slot"))
                .contains(QStringLiteral("pg_create_physical_replication_slot('standby2_slot', true);")));
    const QString point = shownOf(*plan, QStringLiteral("point"));
    QVERIFY2(point.contains(QStringLiteral("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=5433 "
                                           "user=replicator passfile=/srv/passfile';")),
             qPrintable(point));
    QVERIFY(point.contains(QStringLiteral("ALTER SYSTEM SET primary_slot_name = 'standby2_slot';")));
    QVERIFY(point.contains(QStringLiteral("SELECT pg_reload_conf();")));
    QVERIFY(shownOf(*plan, QStringLiteral("stream")).contains(QStringLiteral("received_tli >= 1")));
    // The old slot goes last, and only behind the proof that everything has arrived.
    QVERIFY(plan->steps.last().pointOfNoReturn);
    QVERIFY(shownOf(*plan, QStringLiteral("drop")).contains(QStringLiteral("AND NOT active")));
    for (const Step &step : plan->steps)
        QVERIFY2(step.pointOfNoReturn || step.readsOnly || !step.undoWords.isEmpty() ||
                     step.id == QLatin1String("stream"),
                 qPrintable(step.id));
    QCOMPARE(plan->endpoints.keys(), (QStringList{QStringLiteral("primary"), QStringLiteral("standby1"),
                                                  QStringLiteral("standby2")}));
}

void TestReattachPlan::twelveRestarts()
{
    ReattachLab lab;
    lab.at(2).versionNum = 120022;
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    QVERIFY(idsOf(*plan).join(u' ').contains(QStringLiteral("point restart stream")));
    QVERIFY(!shownOf(*plan, QStringLiteral("point")).contains(QStringLiteral("reload")));
    QCOMPARE(shownOf(*plan, QStringLiteral("restart")).section(u'\n', 0, 0),
             QStringLiteral("pg_ctl restart -D /srv/standby2 -m fast -w"));
}

void TestReattachPlan::withoutAPassfile()
{
    ReattachLab lab;
    lab.facts(2).conninfoSetting = QStringLiteral("host=127.0.0.1 port=5432 user=replicator");
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    QVERIFY(!idsOf(*plan).contains(QStringLiteral("login")));
    QVERIFY(!shownOf(*plan, QStringLiteral("point")).contains(QStringLiteral("passfile")));
}

void TestReattachPlan::aPasswordInTheSettingGoesToAFile()
{
    ReattachLab lab;
    // As a probe would never say it: nothing of it may come out again all the same.
    lab.facts(2).conninfoSetting =
        QStringLiteral("host=127.0.0.1 port=5432 user=replicator password=geheim sslpassword=geheim");
    lab.facts(2).conninfoHasPassword = true;
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    const QString login = shownOf(*plan, QStringLiteral("login"));
    QVERIFY2(login.contains(QStringLiteral("/srv/.standby2.pgpass, mode 0600:")) &&
                 login.contains(QStringLiteral("127.0.0.1:5433:*:replicator:(hidden)")),
             qPrintable(login));
    QVERIFY(
        shownOf(*plan, QStringLiteral("point")).contains(QStringLiteral("passfile=/srv/.standby2.pgpass")));
    QString forward = everythingIn(*plan);
    for (const Step &step : plan->steps)
        for (const Action &action : step.undo)
            forward += shownCommand(action);
    QVERIFY(!forward.contains(QStringLiteral("geheim")));
    // In a container only the data outlives it.
    lab.scene.bindings.clear();
    const auto unproven = planReattach(someRequest(), lab.scene);
    QVERIFY(unproven);
    QVERIFY(shownOf(*unproven, QStringLiteral("login"))
                .contains(QStringLiteral("/srv/standby2/replication.pgpass")));
}

void TestReattachPlan::unreachableUpstreamKeepsItsSlot()
{
    ReattachLab lab;
    lab.state(0, NodeState::Down, Answer::Refused);
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    QVERIFY(!idsOf(*plan).contains(QStringLiteral("drop")));
    QVERIFY(!everythingIn(*plan).contains(QStringLiteral("pg_drop_replication_slot(slot_name) FROM "
                                                         "pg_replication_slots WHERE slot_name = 'x'")));
    // Going back sets the name that it has now, whoever can be reached.
    for (const Step &step : plan->steps) {
        if (step.id == QLatin1String("point"))
            QVERIFY(shownCommand(step.undo.at(1)).contains(QStringLiteral("'standby2_slot'")));
    }
}

void TestReattachPlan::slotNames()
{
    ReattachLab lab;
    const auto name = [&lab] { return reattachSlot(lab.scene, ReattachLab::id(2), ReattachLab::id(1)); };
    QCOMPARE(name(), QStringLiteral("standby2_slot"));
    lab.facts(1).slots_[0].name = QStringLiteral("standby2_slot");
    QCOMPARE(name(), QStringLiteral("standby2_slot2"));
    lab.link(2).slot.clear();
    lab.at(2).name = QStringLiteral("Stand-by \u00fc'; ") + QString(80, u'x');
    QVERIFY(name().startsWith(QStringLiteral("stand_by")));
    QVERIFY(name().size() <= 63 && name().endsWith(QStringLiteral("_slot")));
    QVERIFY(planReattach(someRequest(), lab.scene));
}

void TestReattachPlan::conninfo()
{
    const auto over = [](const QString &old) {
        return conninfoOver(old, QStringLiteral("db 2"), 5439, {}).value_or(QStringLiteral("(error)"));
    };
    QCOMPARE(
        over(QStringLiteral("host=a hostaddr=10.0.0.1 port=1 user=r application_name=s2 sslmode=require")),
        QStringLiteral("host='db 2' port=5439 application_name=s2 sslmode=require user=r"));
    // What picked a primary among several would refuse a standby.
    QCOMPARE(over(QStringLiteral("host=a,b port=1,2 user=r target_session_attrs=read-write")),
             QStringLiteral("host='db 2' port=5439 user=r"));
    QCOMPARE(over(QStringLiteral("host=a user='it''s' password=x")), QStringLiteral("(error)"));
    QCOMPARE(over(QStringLiteral("host=a user='it\\'s' password=x")),
             QStringLiteral("host='db 2' port=5439 user='it\\'s'"));
    QCOMPARE(over(QStringLiteral("postgresql://r:x@a/?sslmode=require")),
             QStringLiteral("host='db 2' port=5439 sslmode=require user=r"));
    // In the statement it is a literal, whatever is in it.
    ReattachLab lab;
    lab.facts(2).conninfoSetting = QStringLiteral("host=a user='it\\'s'");
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    QVERIFY2(shownOf(*plan, QStringLiteral("point")).contains(QStringLiteral("user=\\'it\\\\\\''s\\''';")) ||
                 shownOf(*plan, QStringLiteral("point")).contains(QStringLiteral("E'host=")),
             qPrintable(shownOf(*plan, QStringLiteral("point"))));
}

void TestReattachPlan::whatCannotBePlanned()
{
    ReattachLab lab;
    QVERIFY(!planReattach(someRequest(2, 2), lab.scene));
    QVERIFY(!planReattach(someRequest(2, 9), lab.scene));
    ReattachRequest request = someRequest();
    request.slot = QStringLiteral("Bad-Name");
    QVERIFY(!planReattach(request, lab.scene));
    const QString good = lab.facts(2).conninfoSetting;
    for (const char *bad :
         {"", "host=a user='${secret:replication}'", "host=a user='two\nlines'", "not conninfo"}) {
        lab.facts(2).conninfoSetting = QString::fromLatin1(bad);
        QVERIFY2(!planReattach(someRequest(), lab.scene), bad);
    }
    lab.facts(2).conninfoSetting = good;
    lab.at(2).name = QStringLiteral("${secret:replication}");
    QVERIFY(!planReattach(someRequest(), lab.scene));
}

void TestReattachPlan::survivesItsJournal()
{
    const ReattachLab lab;
    const auto plan = planReattach(someRequest(), lab.scene);
    QVERIFY(plan);
    const auto again = planFromJson(toJson(*plan));
    QVERIFY(again);
    QCOMPARE(toJson(*again), toJson(*plan));
    QCOMPARE(again->toScript(), plan->toScript());
}

QTEST_GUILESS_MAIN(TestReattachPlan)
#include "tst_reattach_plan.moc"
