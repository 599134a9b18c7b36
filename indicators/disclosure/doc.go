// Package disclosure decides which figures of protected indicators may be
// published, and audits what was published: it stands between compute and publish
// and is the only place where a figure is hidden.
package disclosure
