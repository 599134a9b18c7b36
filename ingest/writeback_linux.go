package ingest

import (
	"os"
	"syscall"
)

// fileRangeWrite is SYNC_FILE_RANGE_WRITE of sync_file_range(2).
const fileRangeWrite = 2

// startWriting lets the disk begin with what was written so far, so that making
// it durable later waits for little. It promises nothing: Sync does.
func startWriting(f *os.File, bytes int64) {
	_ = syscall.SyncFileRange(int(f.Fd()), 0, bytes, fileRangeWrite)
}
