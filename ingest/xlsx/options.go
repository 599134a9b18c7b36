package xlsx

// Options says which sheet to read and how much a workbook may ask for. A zero
// limit stands for the default.
type Options struct {
	// Sheet names the sheet, blind to case, accents and outer space. A hidden sheet
	// is read when it is named. Empty: the first visible sheet with the header.
	Sheet string
	// Header tells whether a row's cells are the header; merged cells are filled
	// with the text that they show. Nil: the first visible sheet with any cell is
	// read and no row is taken for a header.
	Header func(cells []string) bool

	FileBytes   int64 // of the file (256 MiB)
	SheetBytes  int64 // of one sheet, unpacked (2 GiB)
	PartBytes   int64 // of the workbook's list of sheets, its styles and relations, each, unpacked (32 MiB)
	StringBytes int64 // of the text in shared strings (64 MiB)
	Strings     int   // shared strings (2,000,000)
	Ratio       int64 // unpacked over packed bytes of a part of more than 16 MiB (200)
	RowBytes    int64 // of one row, packed in XML (16 MiB)
	Rows        int   // number of the last row (1,048,576, all that a sheet has)
	Columns     int   // number of the last column with a value (2,000)
	Sheets      int   // (1,000)
	HeaderRows  int   // rows with a value among which the header must be (200)
	Merged      int   // merged areas (200,000)
}

// ratioFrom is the unpacked size from which the ratio counts: small parts of
// repeated XML pack very well.
const ratioFrom = 16 << 20

// directoryBytes bounds what is read to list the parts of a file.
const directoryBytes = 4 << 20

func (o Options) orDefault() Options {
	set(&o.FileBytes, 256<<20)
	set(&o.SheetBytes, 2<<30)
	set(&o.PartBytes, 32<<20)
	set(&o.StringBytes, 64<<20)
	set(&o.Strings, 2_000_000)
	set(&o.Ratio, 200)
	set(&o.RowBytes, 16<<20)
	set(&o.Rows, 1<<20)
	set(&o.Columns, 2000)
	set(&o.Sheets, 1000)
	set(&o.HeaderRows, 200)
	set(&o.Merged, 200_000)
	return o
}

func set[T int | int64](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}
