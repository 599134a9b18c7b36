package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/gttim/cauce/data"
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
	cmd.AddCommand(&cobra.Command{
		Use:   "show ID",
		Short: "Show what a dataset's files must look like",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := data.Load(a.declarations)
			if err != nil {
				return err
			}
			ds := d.Dataset(args[0])
			if ds == nil {
				return usage(fmt.Errorf("dataset %q is not declared; `cauce datasets` lists them", args[0]))
			}
			return a.showDataset(ds)
		},
	})
	return cmd
}

func (a *app) showDataset(ds *data.Dataset) error {
	fmt.Fprintf(a.stdout, "%s · %s\n%s\n\nresponsable: %s\ncontacto: %s\nclave: %v\n\n", ds.ID, ds.Contract.Title.ES, ds.Catalog.Description.ES, ds.Producer, ds.Contact, ds.Key)
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "COLUMNA\tTIPO\tOBLIGATORIA\tEJEMPLO\tDESCRIPCIÓN")
	for _, c := range ds.Columns {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.Name, c.Type, yes(c.Required), c.Example, c.Text)
	}
	if ds.Wide != nil {
		for _, m := range ds.Wide.Months {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", m, ds.Wide.Value.Type, "no", ds.Wide.Value.Example, ds.Wide.Value.Text)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range ds.Rules {
		fmt.Fprintf(a.stdout, "\n%s (%s): %s", r.ID, r.Severity, r.Text)
	}
	fmt.Fprintln(a.stdout)
	return nil
}
