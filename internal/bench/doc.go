// Command bench measures what Cauce is held to (speed and memory of loads, of a
// month's reports, of workbooks, of computing the indicators) beside what one
// would take instead, run by run in turns, and prints it as Markdown.
package main
