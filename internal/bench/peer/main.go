package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"
	"github.com/xuri/excelize/v2"
)

//go:embed load.sql
var loadSQL string

//go:embed file.sql
var fileSQL string

//go:embed unordered.sql
var unorderedSQL string

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("peer", flag.ContinueOnError)
	dir := flags.String("dir", "", "directory to make for the database")
	unordered := flags.Bool("unordered", false, "do not keep the order of the rows")
	workbook := flags.Bool("xlsx", false, "read the rows of a workbook and drop them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *workbook {
		return iterate(flags.Arg(0))
	}
	if err := os.MkdirAll(*dir, 0o750); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	db, err := sql.Open("duckdb", filepath.Join(*dir, "peer.duckdb"))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := load(ctx, db, flags.Arg(0), *unordered); err != nil {
		db.Close()
		return err
	}
	// Closing writes the checkpoint, which belongs to the load.
	if err := db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

func load(ctx context.Context, db *sql.DB, file string, unordered bool) error {
	conn, err := db.Conn(ctx) // settings and variables belong to a connection
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	if unordered {
		if _, err := conn.ExecContext(ctx, unorderedSQL); err != nil {
			return fmt.Errorf("set order: %w", err)
		}
	}
	if _, err := conn.ExecContext(ctx, fileSQL, file); err != nil {
		return fmt.Errorf("name file: %w", err)
	}
	if _, err := conn.ExecContext(ctx, loadSQL); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

// iterate reads every row of a workbook's first sheet.
func iterate(file string) error {
	book, err := excelize.OpenFile(file)
	if err != nil {
		return fmt.Errorf("open workbook: %w", err)
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("read workbook: %w", err)
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return fmt.Errorf("read workbook: %w", err)
		}
	}
	return errors.Join(rows.Error(), rows.Close())
}
