# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# An ssh server on this test's own network, which the user of user_make can log in to, and that
# user's settings for it. Sourced after clients.sh.

# shellcheck source=clients.sh
. "$lib_dir/clients.sh"

# sshd_start: the server is called $HOST in the settings, and lets in who has the key "old". Whom it
# lets in says "welcome" when there is no command to run.
sshd_start() {
	need openssh-server sshd
	mkdir sshd
	mkdir -p "$HOME/.ssh"
	chmod 700 "$HOME/.ssh"
	ssh-keygen -q -t ed25519 -N '' -f sshd/host
	ssh-keygen -q -t ed25519 -N '' -f sshd/old
	cp sshd/old.pub "$HOME/.ssh/authorized_keys"
	cat >sshd/config <<-END
		Port 2222
		ListenAddress 127.0.0.1
		HostKey $work/sshd/host
		PidFile none
		StrictModes no
		UsePAM no
		PermitTTY no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		ForceCommand sh -c "\${SSH_ORIGINAL_COMMAND:-echo welcome}"
	END
	export HOST=server
	cat >"$HOME/.ssh/config" <<-END
		Host $HOST
		  HostName 127.0.0.1
		  Port 2222
		  UserKnownHostsFile $work/sshd/known
		  IdentityFile $work/sshd/old
	END
	printf '[127.0.0.1]:2222 %s\n' "$(cat sshd/host.pub)" >sshd/known
	as_user "$(command -v sshd)" -D -f "$work/sshd/config" -E "$work/sshd/log" 3>&- 4>&- &
	private_until 10 sshd_listens || bail "sshd did not start: $(cat sshd/log)"
	sshd_mark
}

# shellcheck disable=SC2317 # called through private_until
sshd_listens() {
	ss -ltn | grep -q '127.0.0.1:2222 '
}

# sshd_mark, sshd_accepted: the keys that have let somebody in since the mark, by their fingerprints.
sshd_mark() {
	sshd_seen=$(($(wc -l <"$work/sshd/log") + 1))
}

sshd_accepted() {
	tail -n "+$sshd_seen" "$work/sshd/log" | tr -d '\r' |
		sed -n 's/^Accepted publickey .* \(SHA256:.*\)/\1/p'
}
