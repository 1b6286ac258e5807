// SPDX-License-Identifier: GPL-3.0-or-later
#include "BenchResult.h"
#include "FoldScene.h"

#include <QElapsedTimer>

namespace understudy::bench {

namespace {

/// A hundred clusters, each a primary and four standbys, with an identity of their own.
QList<NodeSnapshot> hundredClusters()
{
    QList<NodeSnapshot> out;
    for (int c = 0; c < 100; ++c) {
        test::FoldScene scene(4);
        for (NodeSnapshot s : scene.snapshots) {
            s.systemIdentifier = QString::number(7000000000000000000LL + c);
            s.endpoint.host = QStringLiteral("10.0.%1.1").arg(c);
            if (s.receiver)
                s.receiver->senderHost = s.endpoint.host;
            s.primaryConninfo.replace(QStringLiteral("127.0.0.1"), s.endpoint.host);
            s.id = s.endpoint.address();
            out << s;
        }
    }
    return out;
}

} // namespace

QList<Result> measureFold()
{
    FoldInput input;
    input.snapshots = hundredClusters();
    input.nowUs = Q_INT64_C(1763386800000000);
    FoldMemoryPtr memory;
    Topology topology;
    QList<double> taken;
    for (int i = 0; i < 30; ++i) {
        input.nowUs += 1000000;
        for (NodeSnapshot &s : input.snapshots) {
            s.startedUs = s.finishedUs = input.nowUs;
            if (s.currentLsn)
                s.currentLsn = Lsn(s.currentLsn->bytes() + 65536);
        }
        QElapsedTimer timer;
        timer.start();
        std::tie(memory, topology) = next(memory, input);
        taken << double(timer.nsecsElapsed()) / 1e6;
    }
    return {{QStringLiteral("fold.500"),
             QStringLiteral("Folding 100 clusters of 5 nodes"),
             median(taken),
             QStringLiteral("ms"),
             {},
             {}}};
}

} // namespace understudy::bench
