// Package handover gives the rows that a gate accepts to the database as Arrow records,
// while they are judged.
package handover
