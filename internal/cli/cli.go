package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is what every command shares: streams, clock, version, common flags.
type app struct {
	version        string
	stdout, stderr io.Writer
	now            func() time.Time
	log            *slog.Logger

	dir, declarations, logFormat, config string
	memory                               string
	limits                               limits

	ends bool // the process ends with the command
}

// exit carries an exit code that is not an operational error.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs the command line of a process that ends right after and returns the exit
// code. A first SIGTERM or
// SIGINT asks the running command to stop; a second ends the process at once.
func Main(version string, args []string, stdout, stderr io.Writer) int {
	return (&app{version: version, stdout: stdout, stderr: stderr, now: time.Now, ends: true}).main(args)
}

// Run is Main for a process that goes on afterwards: everything is given back.
func Run(version string, args []string, stdout, stderr io.Writer) int {
	return (&app{version: version, stdout: stdout, stderr: stderr, now: time.Now}).main(args)
}

func (a *app) main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // from here on the default handler ends the process
	}()
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	var code exit
	if errors.As(err, &code) {
		return int(code)
	}
	if err != nil {
		fmt.Fprintln(a.stderr, "cauce:", err)
	}
	return exitCode(err)
}

// Commands is the command tree without streams, for the documentation.
func Commands() *cobra.Command { return (&app{}).root() }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "cauce",
		Short:         "Turns institutional reports into trusted figures on migrant smuggling in Mexico",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       a.version,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.configure(cmd.Flags()); err != nil {
				return usage(err)
			}
			if err := a.limits.check(); err != nil {
				return usage(err)
			}
			return a.openLog()
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.dir, "dir", "home", "home directory: inbox, archive, warehouse, published files")
	f.StringVar(&a.declarations, "declarations", "", "directory of declarations laid over the built-in ones (datasets/, reference/, indicators/)")
	f.StringVar(&a.config, "config", "", "file of settings, one `name: value` a line, named like the flags")
	f.StringVar(&a.logFormat, "log-format", "text", "form of log lines: text or json")
	f.StringVar(&a.memory, "memory-limit", "", "memory that the database may use, as in 160MB (the default)")
	a.limits.register(f)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.AddCommand(a.serve(), a.ingest(), a.check(), a.datasets(), a.indicators(), a.report(), a.trace(), a.quarantine(), a.retract(), a.verify(), a.rebuild(), a.backup(), a.restore(), a.generate(), a.versionCommand(), a.manual())
	misuse(root)
	return root
}

// misuse makes every complaint about a command's arguments a mistake of usage.
func misuse(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		check = cobra.ArbitraryArgs
		if !cmd.HasParent() {
			check = cobra.NoArgs
		}
	}
	cmd.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage(err)
		}
		return nil
	}
	for _, child := range cmd.Commands() {
		misuse(child)
	}
}

func (a *app) openLog() error {
	opt := &slog.HandlerOptions{ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
		if attr.Key == slog.TimeKey {
			attr.Value = slog.TimeValue(attr.Value.Time().UTC())
		}
		return attr
	}}
	switch a.logFormat {
	case "text":
		a.log = slog.New(slog.NewTextHandler(a.stderr, opt))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.stderr, opt))
	default:
		return usage(fmt.Errorf("--log-format %q: text or json", a.logFormat))
	}
	return nil
}

// open opens the home with its declarations for writing.
func (a *app) open(ctx context.Context) (*pipeline.Pipeline, error) {
	return a.openFor(ctx, nil, 0)
}

// openFor opens it with so many threads of the database, 0 for one for each core.
func (a *app) openFor(ctx context.Context, progress func(string, int64, int64), threads int) (*pipeline.Pipeline, error) {
	return pipeline.Open(ctx, pipeline.Options{
		Threads: threads,
		Dir:     a.dir, Declarations: a.declarations, Version: a.version, Now: a.now, Log: a.log,
		Progress: progress, Failpoint: failpoint(os.Getenv("CAUCE_FAIL_AT")), MemoryLimit: a.memory, Limits: a.limits.gate(),
		MoreProcessors: moreProcessors,
	})
}

// moreProcessors lets n more threads run Go until back is called.
func moreProcessors(n int) (back func()) {
	was := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(was + n)
	return func() { runtime.GOMAXPROCS(was) }
}

// failpoint returns a function that kills this process at the named point, so
// that tests can prove what survives a crash there.
func failpoint(at string) func(string) {
	return func(name string) {
		if at != "" && name == at {
			if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
				panic(err)
			}
			select {} // the signal ends the process here
		}
	}
}

// configure fills flags that were not given from the environment (CAUCE_…) and
// then from the --config file: flags win over environment over file.
func (a *app) configure(flags *pflag.FlagSet) error {
	if f := flags.Lookup("config"); f != nil && !f.Changed {
		if v := os.Getenv("CAUCE_CONFIG"); v != "" {
			a.config = v
		}
	}
	fromFile, err := readConfig(a.config)
	if err != nil {
		return err
	}
	var errs []error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "config" || f.Name == "help" {
			return
		}
		value, ok := os.LookupEnv("CAUCE_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")))
		if !ok {
			value, ok = fromFile[f.Name]
		}
		if ok {
			if err := flags.Set(f.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("setting %s: %w", f.Name, err))
			}
		}
	})
	return errors.Join(errs...)
}

// readConfig reads a settings file: flag names and their values. Nothing for "".
func readConfig(name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	out := map[string]string{}
	return out, data.DecodeYAML(name, b, &out)
}
