// Package acceptance holds the tests of what Cauce promises, run on the built program from outside.
package acceptance
