@echo off
rem Variables: percent expansion, substrings, replacement, SET.
set v=abcdefgh
echo --- plain
echo %v%
echo --- name without regard to case
echo %V%
echo --- undefined is empty
echo [%nothing%]
echo --- two percent signs
echo 50%% of %%v%%
echo --- one percent sign alone is dropped
echo 100% sure
echo --- substring from the start
echo %v:~0,3%
echo --- substring from the middle
echo %v:~2,3%
echo --- substring to the end
echo %v:~5%
echo --- substring from the end
echo %v:~-3%
echo --- substring counted from both ends
echo %v:~1,-1%
echo --- substring from the end with a length
echo %v:~-5,2%
echo --- substring of no length
echo [%v:~3,0%]
echo --- substring beyond the end
echo [%v:~20%]
echo --- substring that starts before the beginning
echo %v:~-20,2%
echo --- substring that ends before it starts
echo [%v:~3,-6%]
echo --- substring without a start
echo %v:~,2%
echo --- substring of an undefined variable
echo [%nothing:~0,3%]
echo --- replaced
echo %v:cd=__%
echo --- replaced without regard to case
echo %v:CD=x%
echo --- every occurrence
set w=a-b-a-b
echo %w:a=xx%
echo --- removed
echo %w:-=%
echo --- not found
echo %w:zz=y%
echo --- up to the first occurrence
echo %w:*-=%
echo --- up to the first occurrence, replaced
echo %w:*b=[]%
echo --- up to what is not there
echo %w:*q=x%
echo --- backslashes to slashes
set p=C:\dir\file.txt
echo %p:\=/%
echo --- a colon is replaced
echo %p::=%
echo --- quotes are removed
set q="quoted"
echo %q:"=%
echo --- blanks are replaced
set s=a b c
echo %s: =_%
echo --- by a text with an equals sign
echo %s:a=x=y%
echo --- two side by side
echo %s%%w%
echo --- SET with quotes
set "t=with & and | in it"
echo "%t%"
echo --- blanks count in SET
set t= x 
echo [%t%]
echo --- not within the quotes
set "t= x " ignored
echo [%t%]
echo --- quotes in the value stay
set t="x y"
echo %t%
echo --- quotes within quotes
set "t=a"b"c"
echo %t%
echo --- a blank before the equals sign is of the name
set t u =1
echo [%t u %]
echo --- a name with a blank
set two words=yes
echo %two words%
echo --- an equals sign in the value
set t=a=b=c
echo %t%
echo --- removed by an empty value
set t=
if not defined t echo gone
echo --- SET lists by prefix
set lst_b=2
set lst_a=1
set LST_
echo --- SET of nothing
set nothing_at_all
echo %errorlevel%
echo --- a computed variable
set errorlevel
echo %errorlevel%
echo --- which a variable hides
set errorlevel=77
cmd /c exit 3
echo %errorlevel%
set errorlevel=
echo %errorlevel%
echo --- CD
pushd %windir%
echo %cd%
popd
echo --- RANDOM is a number
set /a r=%random% * 0 + 1
echo %r%
echo --- CMDEXTVERSION
echo %cmdextversion%
echo --- expanded before the line runs
set x=old
set x=new& echo %x%
echo %x%
echo --- a variable's name from a variable
set name=v
call echo %%%name%%%
echo --- twice expanded by CALL
set inner=value
set outer=%%inner%%
echo %outer%
call echo %outer%
echo --- substring by CALL
set n=4
call echo %%v:~%n%%%
echo --- a value with a caret
set "c=a^b"
echo "%c%"
echo --- SET /P
echo typed text>in.txt
set /p r=Question? <in.txt
echo.
echo [%r%]
echo --- SET /P without input keeps the value
set /p r= <nul
echo [%r%] %errorlevel%
echo --- SET /P as ECHO without a line end
set /p =no end <nul
echo !
echo --- PATH
setlocal
path C:\one;C:\two
path
echo %path%
path ;
if not defined path echo cleared
endlocal
echo --- PROMPT
setlocal
prompt $t
echo %prompt%
endlocal
echo --- SETLOCAL and ENDLOCAL
set loc=outer
setlocal
set loc=inner
setlocal
set loc=innermost
endlocal
echo %loc%
endlocal
echo %loc%
echo --- a value past ENDLOCAL
setlocal
set loc=carried
endlocal & set loc=%loc%
echo %loc%
echo --- the directory is local, too
cd > before.txt
setlocal
cd /d %windir%
endlocal
cd > after.txt
fc before.txt after.txt >nul && echo same
echo --- long values
set long=0123456789
for /l %%i in (1,1,6) do call set long=%%long%%%%long%%
echo %long:~-10%
exit /b
