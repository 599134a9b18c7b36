//go:build !duckdb_arrow

package warehouse

// Loads hand their columns to DuckDB through its Arrow interface, which the
// driver only has with the build tag. The name below is not declared anywhere,
// so that a build without the tag stops with a sentence instead of a puzzle.
var _ = Cauce_needs_the_build_tag_duckdb_arrow__run_make_build_or_go_build_with_tags_duckdb_arrow
