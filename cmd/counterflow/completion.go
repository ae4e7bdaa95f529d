package main

import (
	"strings"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands and flags in a shell",
		Long:  "SHELL is " + strings.Join(shells, ", ") + ".\n\n" + exitHelp,
		Example: `  source <(counterflow completion bash)
  counterflow completion zsh > "${fpath[1]}/_counterflow"`,
		ValidArgs: shells,
		Args:      argsExactly(1, "the name of one shell: "+strings.Join(shells, ", ")),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.out, true)
			case "zsh":
				return root.GenZshCompletion(c.out)
			case "fish":
				return root.GenFishCompletion(c.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.out)
			}
			return usagef("no completion for %q; choose one of %s", args[0], strings.Join(shells, ", "))
		},
	}
}
