// web.js: the server of web.go for Node: a page of 1 KiB from memory, and a file of the current directory.
// Prints the port it listens on and serves until its input ends.
"use strict";
const fs = require("fs");
const http = require("http");

const page = Buffer.alloc(1024, "0123456789abcdef");
const server = http.createServer((request, response) => {
    if (request.url === "/page") {
        response.setHeader("Content-Type", "text/plain");
        response.end(page);
        return;
    }
    const file = fs.createReadStream(request.url.replace("/file/", "./"));
    file.on("error", () => response.writeHead(404).end());
    file.pipe(response);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
