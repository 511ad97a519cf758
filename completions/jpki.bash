# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Completes the command line of jpki(1) in bash.

# _jpki_options COMMAND: print all its options, with "=" if they take an argument.
_jpki_options() {
	case $1 in
	status) echo '-j --json -s --serial= --wait= -w --watch' ;;
	cert)
		echo '--force --format= -j --json -o --output= --pinentry --show-personal' \
			'-s --serial= --wait='
		;;
	pin) echo '-j --json --pinentry -s --serial= --wait=' ;;
	sign)
		echo '--attached --chain --cms --expired-ok --force -j --json --key= --module=' \
			'--name= -o --output= --pdf --pem --pinentry --raw -s --serial= --wait= --xml='
		;;
	verify)
		echo '--ca= --certificate= --force -j --json --key= -o --output= --raw' \
			'--show-personal -s --serial= --wait='
		;;
	doctor) echo '-j --json --wait=' ;;
	setup) echo '-j --json -n --dry-run -u --undo -y --yes' ;;
	esac
	echo '-h --help --usage'
}

# _jpki_values COMMAND WORD...: print the words that may follow these, which are not options.
_jpki_values() {
	local command=$1
	shift
	case $command,$#,${1-} in
	cert,0,) echo 'show export' ;;
	cert,1,show | cert,1,export) echo 'auth sign auth-ca sign-ca' ;;
	pin,0,) echo 'status verify change log' ;;
	pin,1,verify | pin,1,change) echo 'auth sign' ;;
	setup,0,) echo 'firefox chromium portal ssh java p11-kit hide-opensc' ;;
	esac
}

# _jpki_offer CHOICES: offer those that begin with $current.
_jpki_offer() {
	local IFS=$' \t\n'
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

# _jpki_offer_files: offer the files that begin with $current.
_jpki_offer_files() {
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
}

# _jpki_offer_argument OPTION: offer the arguments of this option.
_jpki_offer_argument() {
	case $1 in
	--format) _jpki_offer 'pem der' ;;
	--key) _jpki_offer 'sign auth' ;;
	--ca | --certificate | --module | --output | -o) _jpki_offer_files ;;
	esac
}

_jpki() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} values=() i
	COMPREPLY=()

	if [[ $COMP_CWORD -eq 1 ]]; then
		_jpki_offer 'status cert pin sign verify doctor setup --help --version'
		return
	fi
	# bash splits "--key=sign" into three words: "--key", "=" and "sign".
	if [[ $current == = ]]; then
		current=
		_jpki_offer_argument "$before"
		return
	fi
	if [[ $before == = ]]; then
		_jpki_offer_argument "${COMP_WORDS[COMP_CWORD - 2]}"
		return
	fi
	case $before in
	--format | --key | --ca | --certificate | --module | --output | -o | --serial | -s | --wait)
		_jpki_offer_argument "$before"
		return
		;;
	esac
	if [[ $current == -* ]]; then
		_jpki_offer "$(_jpki_options "$command")"
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-o | -s | --format | --key | --ca | --certificate | --module | --output | --serial | --wait)
			[[ ${COMP_WORDS[i + 1]} == = ]] && i=$((i + 1))
			i=$((i + 1))
			;;
		-*) ;;
		*) values+=("${COMP_WORDS[i]}") ;;
		esac
	done
	case $command in
	sign | verify) _jpki_offer_files ;;
	*) _jpki_offer "$(_jpki_values "$command" "${values[@]}")" ;;
	esac
}

complete -F _jpki jpki
