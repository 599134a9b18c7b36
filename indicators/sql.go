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

// marts are the results that several indicators read, by id.
var marts = []string{"eventos_dichos", "eventos_por_conjunto", "eventos_por_dimension", "eventos_por_mes", "lados_de_conciliacion",
	"partes_publicadas", "participaciones", "plazos_de_entrega", "preguntas_por_anio", "reportes_esperados", "respuestas_tim", "vigencias_de_cifras"}

// mart returns the SQL of a mart or of the macros.
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
