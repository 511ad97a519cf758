// SPDX-License-Identifier: LGPL-2.1-or-later
// Firefox looks at each start for extensions in the directories of the system, also in profiles that exist.
pref("extensions.startupScanScopes", 8);
