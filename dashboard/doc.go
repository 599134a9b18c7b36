// Package dashboard serves what was published: pages, charts, the API and the
// metrics, all from one read-only published file at a time.
package dashboard
