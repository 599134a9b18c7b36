// Package tablehead finds the columns of a table whose header may have two rows,
// months above and their parts beneath.
package tablehead
