// web: a small web server, built for Linux and for Windows alike: a page of 1 KiB from memory, and a file.
// web DIRECTORY: prints the port it listens on and serves DIRECTORY until its input ends.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

func main() {
	page := bytes.Repeat([]byte("0123456789abcdef"), 64)
	http.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(page)
	})
	http.Handle("/file/", http.StripPrefix("/file/", http.FileServer(http.Dir(os.Args[1]))))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go http.Serve(listener, nil)
	io.Copy(io.Discard, os.Stdin)
}
