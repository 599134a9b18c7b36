package cli

import (
	"context"
	"errors"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/ingest"
	"github.com/gttim/cauce/internal/warehouse"
)

// Exit codes; docs/runbook.md says what to do at each.
const (
	exitDone        = 0 // done, or nothing to do
	exitOperational = 1 // input, output, internal
	exitUsage       = 2 // usage or declaration
	exitQuarantine  = 3 // loaded, with rows in quarantine
	exitRefused     = 4 // file refused, nothing loaded
	exitBusy        = 5 // another process is loading
	exitIntegrity   = 6 // what is stored contradicts itself
)

// ExitCode is one exit code with its meaning, for the documentation.
type ExitCode struct {
	Code    int
	Meaning string
}

// ExitCodes lists every exit code in order.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{exitDone, "done, or nothing to do"},
		{exitOperational, "operational: a file that cannot be read, a full disk, an internal fault"},
		{exitUsage, "usage or declaration: a flag, a contract, a catalogue, an indicator"},
		{exitQuarantine, "loaded, with rows in quarantine"},
		{exitRefused, "refused: nothing of the file was loaded"},
		{exitBusy, "busy: another process is loading"},
		{exitIntegrity, "integrity: what is stored contradicts itself or its archive"},
	}
}

// exitOrder ranks codes from worst to best, for runs over several files.
var exitOrder = []int{exitIntegrity, exitOperational, exitUsage, exitBusy, exitRefused, exitQuarantine, exitDone}

var errUsage = errors.New("usage")

// usageError is a mistake in how the command was called; it is errUsage.
type usageError struct{ error }

func (usageError) Is(target error) bool { return target == errUsage }

func usage(err error) error { return usageError{err} }

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, warehouse.ErrIntegrity), warehouse.IsDamaged(err):
		return exitIntegrity
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		// A statement that was stopped says nothing of the declaration it was of.
		return exitOperational
	case errors.Is(err, errUsage), errors.Is(err, data.ErrDeclaration), errors.Is(err, ingest.ErrUnrecognised), errors.Is(err, warehouse.ErrHomePath):
		return exitUsage
	case errors.Is(err, warehouse.ErrBusy):
		return exitBusy
	default:
		return exitOperational
	}
}

// worstCode is the worst exit code of the errors that a run over several files
// joined; of any other error it is exitCode.
func worstCode(err error) int {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return exitCode(err)
	}
	code := exitDone
	for _, e := range joined.Unwrap() {
		code = worst(code, exitCode(e))
	}
	return code
}

// worst returns the worse of two exit codes.
func worst(a, b int) int {
	for _, code := range exitOrder {
		if a == code || b == code {
			return code
		}
	}
	return exitOperational
}

// resultCode is the exit code of one delivery's result.
func resultCode(r ingest.Result) int {
	switch r.Outcome {
	case warehouse.Refused:
		return exitRefused
	case warehouse.Partial:
		return exitQuarantine
	}
	return exitDone
}
