package data

import "time"

// Catalog is a dataset's catalog.yml: how it appears to people.
type Catalog struct {
	Title       Text     `yaml:"title"`
	Description Text     `yaml:"description"`
	Notes       []Text   `yaml:"notes"`   // what a reader must know of every figure of it
	Caveats     []Text   `yaml:"caveats"` // what the figures do not say
	Breaks      []Break  `yaml:"breaks"`
	Citation    string   `yaml:"citation"`
	Keywords    []string `yaml:"keywords"`
}

// Break is a date at which the method changed, so that figures before and after
// it are not one series.
type Break struct {
	From string `yaml:"from" json:"desde"` // AAAA-MM-DD, the first day of the new method
	Text Text   `yaml:"text" json:"texto"`
}

func (c *Catalog) decode(name string, b []byte) error {
	if err := DecodeYAML(name, b, c); err != nil {
		return err
	}
	p := &problems{name: name}
	if c.Title.ES == "" || c.Description.ES == "" {
		p.add("title.es and description.es are required")
	}
	if c.Citation == "" {
		p.add("citation is required")
	}
	for _, b := range c.Breaks {
		if _, err := time.Parse(time.DateOnly, b.From); err != nil {
			p.add("break %q is not a day (AAAA-MM-DD)", b.From)
		}
	}
	return p.err()
}
