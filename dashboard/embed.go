package dashboard

import "embed"

// queries holds the SELECTs that read a published file.
//
//go:embed queries/*.sql
var queryFiles embed.FS

// templateFiles holds the pages.
//
//go:embed templates/*.html
var templateFiles embed.FS

// bundle holds our scripts and styles as `npm run build` leaves them; only the
// file .keep before the first build.
//
//go:embed all:web/dist
var bundleFiles embed.FS

// openAPI describes the API to programs.
//
//go:embed openapi.json
var openAPI []byte
