// Package spill holds lists that may outgrow memory.
package spill
