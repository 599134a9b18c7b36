package gate

// Limits bound what one delivered file may make the process do. A zero field
// stands for the default.
type Limits struct {
	FileBytes   int64 // bytes of one file; copying stops there (2 GiB)
	FieldBytes  int   // bytes of one cell (64 KiB); a longer one is a problem of its row
	RecordBytes int   // bytes of one record, all its cells (8 MiB); a longer one refuses the file
	Columns     int   // columns of a header (2,000)
	Distinct    int   // distinct spellings of one dictionary column (500,000)
	Shown       int   // problems that Result carries and messages show (20)
}

// DefaultLimits are the documented limits.
func DefaultLimits() Limits {
	return Limits{FileBytes: 2 << 30, FieldBytes: 64 << 10, RecordBytes: 8 << 20, Columns: 2000, Distinct: 500_000, Shown: 20}
}

// OrDefault fills the fields that are zero.
func (l Limits) OrDefault() Limits {
	d := DefaultLimits()
	if l.FileBytes == 0 {
		l.FileBytes = d.FileBytes
	}
	if l.FieldBytes == 0 {
		l.FieldBytes = d.FieldBytes
	}
	if l.RecordBytes == 0 {
		l.RecordBytes = d.RecordBytes
	}
	if l.Columns == 0 {
		l.Columns = d.Columns
	}
	if l.Distinct == 0 {
		l.Distinct = d.Distinct
	}
	if l.Shown == 0 {
		l.Shown = d.Shown
	}
	return l
}
