// SPDX-License-Identifier: GPL-3.0-or-later
#include "HostExpectations.h"

#include "hosts/ChildProcess.h"

using namespace understudy;

class TestLocalHost : public test::HostExpectations
{
    Q_OBJECT
public:
    TestLocalHost() { host = localHost(); }

private Q_SLOTS:
    /// As ssh's client may: it would otherwise have been waited for until the grace is over.
    void aChildThatMissesTheFirstTermHearsTheNext()
    {
        ChildRequest request;
        request.argv = {"/bin/sh", "-c",
                        "n=0; trap 'n=$((n+1)); [ $n -lt 2 ] || exit 7' TERM; echo ready; "
                        "while :; do sleep 0.05; done"};
        request.environment = {"PATH=/usr/bin:/bin"};
        request.timeoutMs = 0;
        request.graceMs = 60000;
        request.onBytes = [](Stream, const QByteArray &) { return false; };
        const auto outcome = runChild(request, {}, {});
        QVERIFY(outcome);
        QCOMPARE(outcome->exitCode, 7);
        QVERIFY2(outcome->seconds < 30, qPrintable(QString::number(outcome->seconds)));
    }
};

QTEST_GUILESS_MAIN(TestLocalHost)
#include "tst_local_host.moc"
