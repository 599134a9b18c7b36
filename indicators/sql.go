package indicators

import (
	"embed"

	"github.com/gttim/cauce/internal/warehouse"
)

//go:embed sql marts
var sqlFiles embed.FS

// mustSQL returns an embedded statement; a missing file is a fault of the build.
func mustSQL(name string) string {
	b, err := sqlFiles.ReadFile("sql/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// marts are the views that several indicators read, in the order they are made.
var marts = []string{"eventos_por_dimension", "respuestas_tim"}

// mart returns the SQL of a shared view or of the macros.
func mart(name string) string {
	b, err := sqlFiles.ReadFile("marts/" + name + ".sql")
	if err != nil {
		panic(err)
	}
	return string(b)
}

func renderFile(name string, values any) (string, error) {
	return warehouse.Render(name, mustSQL(name), values)
}
