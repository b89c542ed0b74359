@echo off
rem What is found where, and what echo takes for a text.
echo;
echo ;
echo [%errorlevel%]
if not exist c md "a;b" c
echo @echo found %%~n0> "a;b\here.cmd"
echo @echo found %%~n0> c\there.cmd
set path="a;b";"c"
call here.cmd
call there.cmd
there
