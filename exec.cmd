@rem The scripts of package.json begin with exec, so that a signal to npm reaches them; this is it for the shell of Windows.
@%*
