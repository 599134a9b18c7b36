// Package backup copies what a home cannot be made again without, and lays such a copy into an empty home.
package backup
