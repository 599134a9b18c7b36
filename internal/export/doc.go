// Package export writes tables of figures in the forms that people and programs take away: CSV, XLSX, Parquet, Arrow and ZIP.
package export
