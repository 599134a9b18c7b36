package data

import "embed"

// Files holds the datasets, reference tables, schemas and shipped reports that
// are built into the program.
//
//go:embed all:datasets all:reference all:reports all:schema
var Files embed.FS
