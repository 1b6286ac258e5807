// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Reattach.h"

namespace understudy {

/// Everything that the steps of a re-attach need, looked up and checked. One function a step; pure.
struct ReattachDraft
{
    QString standby, target, upstream; ///< Keys into Plan::endpoints; `upstream` (the old one) may be empty.
    QString slot, oldSlot;         ///< On the target; on the old upstream, empty if there is none to drop.
    QString oldSlotSetting;        ///< primary_slot_name as it is.
    QString conninfo, oldConninfo; ///< The new value of primary_conninfo, and the one it has.
    bool hadPassword = false;      ///< The old value holds a password, which nobody here knows.
    QString passfile, user;
    bool newPassfile = false;
    Endpoint seen; ///< The target as the standby reaches it.
    int standbyVersion = 0;
    bool targetIsStandby = false;
    QString systemIdentifier;
    std::optional<int> timeline; ///< The target's.
    QString oldestWal; ///< The second half of the name of the oldest WAL file it needs; may be empty.
    QString position;  ///< That is in this file.
    QString host, dataDirectory, runAs; ///< Of the standby's machine; host is empty if it was not proved.
};

Step reattachCheckStep(const ReattachDraft &);
Step reattachLoginStep(const ReattachDraft &); ///< Only with a passfile.
Step reattachSlotStep(const ReattachDraft &);
Step reattachPointStep(const ReattachDraft &);
Step reattachRestartStep(const ReattachDraft &); ///< 12 only.
Step reattachStreamStep(const ReattachDraft &);
Step reattachArrivedStep(const ReattachDraft &);
Step reattachDropStep(const ReattachDraft &); ///< Only with an old slot.

} // namespace understudy
