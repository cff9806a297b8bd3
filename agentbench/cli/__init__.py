"""The command line: parse, call, print. One module per group of commands, imported only when used."""
