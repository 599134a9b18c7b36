package split

import "testing"

func TestProfileAcrossChunks(t *testing.T) {
	text := "año\r\nMéxico 👩\r\n"
	for cut := range len(text) {
		p := NewProfile()
		p.Add([]byte(text[:cut]))
		p.Add([]byte(text[cut:]))
		p.Finish()
		if !p.UTF8 || p.CRLF != 2 || p.LF != 2 || p.CR != 2 || p.Lines() != 2 {
			t.Errorf("cut at %d: %+v", cut, p)
		}
	}
	p := NewProfile()
	p.Add([]byte("Mé")[:2])
	p.Finish()
	if p.UTF8 {
		t.Error("half a character passes as UTF-8")
	}
}
