@echo off
rem What goes wrong: the message, the exit code, and that the batch file goes on.
echo --- COPY without names
copy 2>&1
echo %errorlevel%
echo --- MOVE without names
move 2>&1
echo %errorlevel%
echo --- REN with one name
ren x 2>&1
echo %errorlevel%
echo --- DEL without names
del 2>&1
echo %errorlevel%
echo --- MKDIR without a name
mkdir 2>&1
echo %errorlevel%
echo --- RMDIR without a name
rmdir 2>&1
echo %errorlevel%
echo --- TYPE without a name
type 2>&1
echo %errorlevel%
echo --- SET /P without an equals sign
set /p name 2>&1
echo %errorlevel%
echo --- SHIFT out of range
shift /9 2>&1
echo --- an unknown switch
dir /k >nul 2>&1
echo %errorlevel%
echo --- a label that is not there ends the batch file
cmd /c lost.bat 2>nul || (echo @goto nowhere& echo @echo never)> lost.bat
cmd /c lost.bat 2>&1
echo %errorlevel%
echo --- but not its line, which is the caller's from there on
(echo @setlocal^& set inner=1
 echo @goto nowhere 2^>nul ^|^| echo or %%1 %%errorlevel%%^& if defined inner ^(echo inner^) else echo outer
echo @echo never)> lost.bat
cmd /c lost.bat a
echo --- as start scripts begin a program, with its exit code
echo @goto #_undefined_# 2^>nul ^|^| title %%COMSPEC%% ^& cmd /c echo %%* ^^^& exit 7 > lost.bat
cmd /c lost.bat a b
echo %errorlevel%
call lost.bat c d && echo never
echo %errorlevel%
echo --- (goto) leaves a subroutine and goes on as its caller
call :leaves
echo %left%
echo --- a batch file that removes itself
echo @^(goto^) 2^>nul ^& del "%%~f0" > lost.bat
call lost.bat
if not exist lost.bat echo gone
echo --- GOTO to a label leaves its line
goto found & echo never
:found
echo --- a syntax error ends it, too
(echo @if 1==1& echo @echo never)> bad.bat
cmd /c bad.bat 2>&1
echo --- so does an unexpected parenthesis
(echo @^(echo a& echo @^)^) echo never)> bad.bat
cmd /c bad.bat >nul 2>&1
echo --- an operator without a command
(echo @echo a ^&^& ^&^& echo b& echo @echo never)> bad.bat
cmd /c bad.bat 2>&1
echo --- batch files that call themselves without end
(echo @call endless)> endless.bat
cmd /c endless.bat 2>&1 | find /c "R E C U R S I O N"
echo --- a redirection without a name
(echo @echo a ^>& echo @echo never)> bad.bat
cmd /c bad.bat 2>&1
echo --- an unclosed block
(echo @^(echo a)> bad.bat
cmd /c bad.bat 2>&1
exit /b 0
:leaves
setlocal
set inner=2
(goto) 2>nul & (if defined inner (set left=inner) else set left=outer)
echo never
