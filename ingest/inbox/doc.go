// Package inbox watches the inbox, runs each dataset's schedule and starts a
// load process for what has come in.
package inbox
