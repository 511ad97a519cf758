# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# jpki sign with a pinentry that knows its answers before. For tests that have sourced lib.sh, and
# json.sh where they use --json.

# shellcheck source=lib.sh
. "$lib_dir/lib.sh"

jpki=$top_builddir/jpki
[ -x "$jpki" ] || bail "there is no $jpki"
# The one that jpki sign takes by itself, where it is installed.
sign_module=$(dirname "$module")/jpki-pkcs11-sign.so

# A pinentry that answers with the words of the file answers, one for each question, and keeps what
# it was told. With wait: before it, it answers once the file go is there. A question for a yes is
# declined but by "yes". Its process stands in the file process; with a file deaf it hears no SIGTERM.
mkdir bin
cat >bin/pinentry <<-'END'
	#!/bin/sh
	# SPDX-License-Identifier: LGPL-2.1-or-later
	echo $$ >"$PINENTRY_DIR/process"
	[ ! -e "$PINENTRY_DIR/deaf" ] || trap '' TERM
	echo 'OK here'
	while read -r word rest; do
	        case $word in
	        SETDESC) printf '%s\n' "$rest" >>"$PINENTRY_DIR/questions" ;;
	        SETTITLE | SETOK | SETCANCEL | SETERROR) printf '%s %s\n' "$word" "$rest" >>"$PINENTRY_DIR/words" ;;
	        GETPIN)
	                echo asked >>"$PINENTRY_DIR/asked"
	                answer=$(sed -n "$(wc -l <"$PINENTRY_DIR/asked")p" "$PINENTRY_DIR/answers")
	                case $answer in
	                wait:*)
	                        answer=${answer#wait:}
	                        for _ in $(seq 6000); do
	                                [ ! -e "$PINENTRY_DIR/go" ] || break
	                                sleep 0.05
	                        done
	                        ;;
	                esac
	                case $answer in
	                cancel)
	                        echo 'ERR 83886179 Operation cancelled <Pinentry>'
	                        continue
	                        ;;
	                late)
	                        echo 'ERR 83886142 Timeout <Pinentry>'
	                        continue
	                        ;;
	                esac
	                echo "D $answer"
	                ;;
	        CONFIRM)
	                echo asked >>"$PINENTRY_DIR/asked"
	                answer=$(sed -n "$(wc -l <"$PINENTRY_DIR/asked")p" "$PINENTRY_DIR/answers")
	                if [ "$answer" != yes ]; then
	                        echo 'ERR 83886194 Not confirmed <Pinentry>'
	                        continue
	                fi
	                ;;
	        esac
	        echo OK
	done
END
chmod +x bin/pinentry
PATH=$work/bin:$PATH
PINENTRY_DIR=$work
export PATH PINENTRY_DIR

# answer WORD...: what pinentry will say, and nobody was asked yet.
answer() {
	printf '%s\n' "$@" >answers
	: >asked
	: >questions
	rm -f go
}

asked() {
	wc -l <asked
}

# sign ARGUMENT...: leaves the exit code in $status, and the output in the files out and $output.
# What is in $limit stands before the command.
sign() {
	# shellcheck disable=SC2086 # a command before the command, or none
	setsid --wait $limit timeout "$command_limit" "$jpki" sign --pinentry \
		--module "$sign_module" "$@" >out 2>"$output" </dev/null
	status=$?
	case " $* " in *' --json '*) json_keep sign out "$*" ;; esac
}
limit=''

# install_modules: from here on the modules of this build are where programs look for the installed ones.
install_modules() {
	modules_path=$(sed -n 's/^p11_module_path = //p' "$top_builddir/Makefile")
	[ "$module" != "$modules_path/jpki-pkcs11.so" ] || return 0
	if ! mkdir -p "$modules_path" || ! private_copy "$modules_path" ||
		! cp "$(dirname "$module")"/jpki-pkcs11*.so "$modules_path"; then
		bail "the modules cannot be put into $modules_path"
	fi
}

# cms FILE SIGNATURE [ARGUMENT...]: openssl's word on a signature beside a file.
cms() {
	cms_file=$1
	cms_signature=$2
	shift 2
	openssl cms -verify -binary -inform DER -in "$cms_signature" -content "$cms_file" \
		-CAfile "$private/$card/sign-ca.crt" -out /dev/null "$@"
}
