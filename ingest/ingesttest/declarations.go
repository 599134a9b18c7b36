package ingesttest

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gttim/cauce/data"
)

// Contracts without their common head, written here so that what an agency sends
// and what the program ships can change without these tests.
const (
	Events = `encoding: auto
shape: long
key: [mes, entidad]
revision: {policy: instantanea}
footer: "Fuente: .*"
skip_rows: ["Cuadro .*"]
ignored: [nota]
columns:
  - {name: mes, type: entero, required: true, min: 1, max: 12}
  - {name: entidad, headers: [Estado], type: catalogo, catalog: estados, required: true}
  - {name: tipo, type: categoria, optional: true}
  - {name: eventos, type: entero, required: true}
  - {name: tasa, type: decimal, optional: true}
  - {name: fecha, type: fecha, optional: true}
  - {name: texto, type: texto, optional: true}
`
	Register = `encoding: auto
shape: long
key: [folio]
revision: {policy: instantanea}
synthetic_prefix: {folio: SIM-}
columns:
  - {name: folio, type: texto, pattern: "[A-Z]{3}-[0-9]{4,12}", form: "tres mayúsculas, un guion y de 4 a 12 dígitos", required: true, example: ABC-0001}
  - {name: fecha, type: fecha, required: true}
  - {name: entidad, type: catalogo, catalog: estados, required: true}
  - {name: edad, type: entero, max: 120}
`
	Wide = `encoding: auto
shape: wide
key: [anio, tipo]
revision: {policy: instantanea}
wide:
  months: [ENE, FEB, MAR, ABR, MAY, JUN, JUL, AGO, SEP, OCT, NOV, DIC]
  year: anio
  month_name: mes
  value: {name: casos, type: entero}
columns:
  - {name: anio, type: entero, required: true}
  - {name: tipo, type: texto, required: true}
`
	// Table has parts beneath its months and groups by catalogue; replace its line
	// groups for another kind.
	Table = `encoding: auto
shape: hierarchical
key: [anio, entidad]
revision: {policy: reemplaza_periodos}
reject: {rows: 100, share: 1}
footer: "Fuente: .*"
skip_rows: ["Boletín .*"]
wide:
  months: [Enero, Febrero, Marzo, Abril, Mayo, Junio, Julio, Agosto, Septiembre, Octubre, Noviembre, Diciembre]
  year: anio
  month_name: mes
  value: {name: casos, type: entero, min: 0, max: 1000000}
hierarchy:
  label: entidad
  groups: {catalogs: [zonas, subzonas], apart: ["33"]}
  total: [Total general]
  month_headers: [[Ene], [Feb], [Mar], [Abr], [May], [Jun], [Jul], [Ago], [Sep], [Oct], [Nov], [Dic]]
  sum: [Total]
  parts: {name: clase, columns: [{code: a, headers: [Altas]}, {code: b, headers: [Bajas]}], subtotal: [Subtotal]}
  on_difference: aviso
columns:
  - {name: anio, type: entero, required: true, title: {pattern: "Cuadro .*?([0-9]{4})", example: "Cuadro 1, 2024"}}
  - {name: entidad, headers: [Zona y entidad], type: catalogo, catalog: estados, required: true}
`
	Published = `encoding: auto
shape: long
key: [serie]
revision: {policy: instantanea}
missing: ["n.d."]
suppressed: ["*"]
columns:
  - {name: serie, type: texto, required: true}
  - {name: valor, type: decimal}
  - {name: publicado_en, type: fecha_parcial, required: true}
  - {name: fuente, type: texto, required: true}
`
)

const (
	contractHead = `id: %s
agency: prueba
title: {es: Prueba}
producer: Agencia de prueba
licence: libre
contact: Área de datos de la agencia
class: publica
format: csv
delimiter: ","
cadence: {every: ninguna}
`
	cleanSQL = `SELECT line, DATE '2024-01-01' AS periodo_inicio, DATE '2024-12-31' AS periodo_fin FROM entrega`
	estados  = "codigo,nombre,sinonimos\n05,Coahuila de Zaragoza,Coahuila|Coah.\n07,Chiapas,\n09,Ciudad de México,CDMX|Distrito Federal\n27,Tabasco,\n33,EXTRANJERO,\n"
)

// Survey is a contract without its head of so many columns of each of the types, named
// type_0, type_1 and so on, after its key folio.
func Survey(each int, types ...string) string {
	var b strings.Builder
	b.WriteString("encoding: auto\nshape: long\nkey: [folio]\nrevision: {policy: instantanea}\ncolumns:\n" +
		"  - {name: folio, type: texto, required: true, example: F-0001}\n")
	for _, kind := range types {
		for i := range each {
			fmt.Fprintf(&b, "  - {name: %[1]s_%[2]d, type: %[1]s}\n", kind, i)
		}
	}
	return b.String()
}

// Declarations builds the test datasets; more maps an id to a contract without
// its head.
func Declarations(tb testing.TB, more map[string]string) *data.Declarations {
	tb.Helper()
	d, err := data.LoadFS(Files(more), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// Files are the same as they lie in their folders.
func Files(more map[string]string) fstest.MapFS {
	files := fstest.MapFS{"reference/estados.csv": {Data: []byte(estados)},
		"reference/zonas.csv":    {Data: []byte("codigo,nombre\nn,Norte\ns,Sur\n")},
		"reference/subzonas.csv": {Data: []byte("codigo,nombre\nsc,Costa\nsi,Interior\n")}}
	all := map[string]string{"prueba-eventos": Events, "prueba-registro": Register,
		"prueba-ancho": Wide, "prueba-tabla": Table, "prueba-publicadas": Published}
	for id, c := range more {
		all[id] = c
	}
	for id, c := range all {
		clean := cleanSQL
		if strings.Contains(c, "suppressed:") {
			clean = strings.Replace(cleanSQL, " FROM", ", suprimido FROM", 1)
		}
		files["datasets/"+id+"/contract.yml"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(contractHead, id) + c)}
		files["datasets/"+id+"/clean.sql"] = &fstest.MapFile{Data: []byte(clean)}
		files["datasets/"+id+"/catalog.yml"] = &fstest.MapFile{Data: []byte("title: {es: Prueba}\ndescription: {es: Prueba}\ncitation: Prueba\n")}
	}
	return files
}
