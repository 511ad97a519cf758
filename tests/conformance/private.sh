# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# lib.sh looks for this beside the test that sources it.

# shellcheck source-path=SCRIPTDIR source=../integration/private.sh
. "${test_dir:?}/../integration/private.sh"
