package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/gttim/cauce/data"
	"github.com/gttim/cauce/internal/pipeline"
	"github.com/gttim/cauce/internal/template"
	"github.com/spf13/cobra"
)

func (a *app) datasets() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "datasets",
		Short: "List the declared datasets",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, err := data.Load(a.declarations)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "CONJUNTO\tINSTITUCIÓN\tCLASE\tCADENCIA\tTÍTULO")
			for _, ds := range d.Datasets {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", ds.ID, ds.Agency, ds.Class, ds.Cadence.Every, ds.Contract.Title.ES)
			}
			return w.Flush()
		},
	}
	cmd.AddCommand(a.showDataset(), &cobra.Command{
		Use:   "test [ID…]",
		Short: "Run the declared tests of datasets",
		RunE: func(cmd *cobra.Command, args []string) error {
			failures, n, err := pipeline.TestDatasets(cmd.Context(), a.declarations, a.now, args)
			if err != nil {
				return err
			}
			return a.tested(failures, n)
		},
	})
	return cmd
}

func (a *app) showDataset() *cobra.Command {
	var form, out string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Print a dataset's guide for those who deliver it, or an empty file to fill in",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := data.Load(a.declarations)
			if err != nil {
				return err
			}
			ds := d.Dataset(args[0])
			if ds == nil {
				return usage(fmt.Errorf("dataset %q is not declared; `cauce datasets` lists them", args[0]))
			}
			write, err := writer(form, ds, d.Reference)
			if err != nil {
				return usage(err)
			}
			return a.toFile(out, write)
		},
	}
	cmd.Flags().StringVar(&form, "template", "", "print an empty file instead of the guide: csv or xlsx (with drop-down lists and the guide)")
	cmd.Flags().StringVar(&out, "out", "", "write to this file instead of the standard output; one that is there is not overwritten")
	return cmd
}

// writer is what makes the form that was asked for; "" is the guide.
func writer(form string, ds *data.Dataset, reference map[string]*data.Table) (func(io.Writer) error, error) {
	switch form {
	case "":
		return func(w io.Writer) error { return template.Guide(w, ds, reference) }, nil
	case "csv":
		return func(w io.Writer) error { return template.CSV(w, ds) }, nil
	case "xlsx":
		return func(w io.Writer) error { return template.XLSX(w, ds, reference) }, nil
	}
	return nil, fmt.Errorf("--template %q: csv or xlsx", form)
}

// toFile writes to a new file, or to the standard output when name is "".
func (a *app) toFile(name string, write func(io.Writer) error) error {
	if name == "" {
		return write(a.stdout)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
