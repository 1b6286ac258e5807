// SPDX-License-Identifier: GPL-3.0-or-later
#include "HostExpectations.h"

using namespace understudy;

class TestLocalHost : public test::HostExpectations
{
    Q_OBJECT
public:
    TestLocalHost() { host = localHost(); }
};

QTEST_GUILESS_MAIN(TestLocalHost)
#include "tst_local_host.moc"
