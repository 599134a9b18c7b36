package dashboard

// translate gives the English of a text of the frame (navigation, headings,
// labels of controls); figures, definitions and notes stay in Spanish.
func translate(lang, es string) string {
	if lang != "en" {
		return es
	}
	if en, ok := english()[es]; ok {
		return en
	}
	return es
}

func english() map[string]string {
	return map[string]string{
		"Inicio":      "Home",
		"Eventos":     "Events",
		"Mesa":        "Working table",
		"Índice":      "Index",
		"Indicadores": "Indicators",
		"Datos":       "Data",
		"Acerca de":   "About",
		"Estadísticas sobre el tráfico ilícito de personas migrantes en México":              "Statistics on the smuggling of migrants in Mexico",
		"Cifras del tráfico ilícito de personas migrantes en México, cada una con su fuente": "Figures on the smuggling of migrants in Mexico, each with its source",
		"Saltar al contenido":                   "Skip to content",
		"Principal":                             "Main",
		"Ver las cifras a una fecha":            "See the figures as of a date",
		"Fecha de publicación":                  "Publication date",
		"Ver":                                   "Show",
		"Ver las cifras vigentes":               "See the figures in force",
		"Cifras tal como estaban publicadas al": "Figures as they had been published by",
		"Publicación":                           "Publication",
		"Datos abiertos":                        "Open data",
		"Versión":                               "Version",
		"Qué es Cauce":                          "What Cauce is",
		"Las tres cifras":                       "The three figures",
		"Actualidad de los datos":               "How fresh the data are",
		"Eventos de personas en situación migratoria irregular": "Events of persons in an irregular migratory situation",
		"Eventos por año":                                          "Events by year",
		"El cambio anual y lo que se ha dicho":                     "The yearly change and what has been said",
		"Eventos por mes":                                          "Events by month",
		"Periodos acumulados publicados":                           "Published cumulative periods",
		"Composición por nacionalidad":                             "Composition by nationality",
		"Composición por condición":                                "Composition by condition",
		"Eventos y carpetas de investigación":                      "Events and case files",
		"Mesa de judicialización":                                  "Judicialization table",
		"Acuerdos cumplidos por fecha de corte":                    "Fulfilled agreements by cut-off date",
		"Acuerdos por reunión":                                     "Agreements per meeting",
		"Lo que se ha dicho":                                       "What has been said",
		"Índice de información sobre tráfico ilícito de migrantes": "Index of information on the smuggling of migrants",
		"Puntaje por eje":                                          "Score by axis",
		"Cómo se calcula":                                          "How it is worked out",
		"Preguntas y respuestas":                                   "Questions and answers",
		"Evolución del índice":                                     "The index over time",
		"Indicadores declarados":                                   "Declared indicators",
		"Ficha técnica":                                            "Sheet",
		"Valores":                                                  "Values",
		"Gráfica":                                                  "Chart",
		"Descargas":                                                "Downloads",
		"Datos cargados":                                           "Loaded data",
		"Conjuntos de datos":                                       "Datasets",
		"Cargas":                                                   "Loads",
		"Informe":                                                  "Report",
		"Acerca de Cauce":                                          "About Cauce",
		"Método":                                                   "Method",
		"Cómo citar":                                               "How to cite",
		"Fuentes y licencias":                                      "Sources and licences",
		"Glosario":                                                 "Glossary",
		"Contacto":                                                 "Contact",
		"Año":                                                      "Year",
		"Fuentes":                                                  "Sources",
		"Advertencias":                                             "Caveats",
	}
}
