// Package clock reads points on the clock of loading as people name them.
package clock
