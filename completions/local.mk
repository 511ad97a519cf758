# SPDX-License-Identifier: LGPL-2.1-or-later
# Completions for jpki in bash and zsh.
EXTRA_DIST += completions/jpki.bash
CLEANFILES += completions/jpki
dist_zshcompletion_DATA = completions/_jpki
# bash finds it by the name of the command, without an ending.
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = completions/jpki
completions/jpki: completions/jpki.bash
	@$(MKDIR_P) completions
	$(AM_V_GEN)cp $(srcdir)/completions/jpki.bash $@
