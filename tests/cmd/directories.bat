@echo off
rem MKDIR, RMDIR, COPY, MOVE, REN, DEL, DIR, TYPE, PUSHD: their forms and messages.
mkdir f & cd f
echo --- MKDIR with its parents
mkdir a\b\c
if exist a\b\c\ echo made
echo --- several
mkdir x "y z"
if exist "y z\" echo made
echo --- one that is there
mkdir a 2>&1
echo %errorlevel%
echo --- RMDIR
rmdir x
if not exist x echo gone
echo --- of what is not empty
rmdir a 2>&1
echo %errorlevel%
echo --- with all in it
rmdir /s /q a
if not exist a echo gone
echo --- of what is not there
rmdir nothing 2>&1
echo %errorlevel%
echo --- CD
mkdir d\e
cd d
for %%d in (.) do echo %%~nxd
cd ..
echo --- CD with blanks
cd y z
for %%d in (.) do echo %%~nxd
cd ..
echo --- CD to what is not there
cd nothing 2>&1
echo %errorlevel%
echo --- CD..
cd d\e
cd..
for %%d in (.) do echo %%~nxd
cd..
echo --- PUSHD and POPD
pushd d
pushd e
for %%d in (.) do echo %%~nxd
popd
for %%d in (.) do echo %%~nxd
popd
for %%d in (.) do echo %%~nxd
echo --- POPD of nothing
popd
echo %errorlevel%
echo --- PUSHD to what is not there
pushd nothing 2>&1
echo %errorlevel%
echo --- COPY
echo one> 1.txt
echo two> 2.txt
copy 1.txt copy.txt
type copy.txt
echo --- COPY into a directory
copy 1.txt d
if exist d\1.txt echo there
echo --- COPY of a pattern
copy *.txt d /y
echo --- COPY with a new ending
copy 1.txt *.bak
if exist 1.bak echo there
echo --- files together
copy 1.txt + 2.txt both.txt
type both.txt
copy /b 1.txt + 2.txt both.txt >nul
type both.txt
echo --- COPY of what is not there
copy nothing.txt x.txt >nul 2>&1
echo %errorlevel%
echo --- COPY onto itself
copy 1.txt 1.txt 2>&1
echo %errorlevel%
echo --- COPY of a directory's files
copy d e.dir >nul 2>&1
mkdir g
copy d g >nul
if exist g\1.txt echo there
echo --- MOVE
move 2.txt moved.txt
if not exist 2.txt if exist moved.txt echo moved
echo --- MOVE into a directory
move moved.txt g
if exist g\moved.txt echo there
echo --- MOVE of a directory
move g h
if exist h\1.txt echo there
echo --- MOVE of what is not there
move nothing x >nul 2>&1
echo %errorlevel%
echo --- REN
ren copy.txt new.txt
if exist new.txt echo there
echo --- REN of a pattern
type nul > p1.aaa & type nul > p2.aaa
ren p*.aaa *.bbb
dir /b *.bbb
echo --- REN to a name that is taken
ren new.txt 1.txt 2>&1
echo %errorlevel%
echo --- REN of what is not there
ren nothing x 2>&1
echo %errorlevel%
echo --- DEL
del new.txt
if not exist new.txt echo gone
echo --- DEL of a pattern
del *.bbb
if not exist *.bbb echo gone
echo --- DEL of several
type nul > q1 & type nul > q2
del q1 q2
if not exist q? echo gone
echo --- DEL of what is not there
del nothing.txt 2>&1 | find /c "Could Not Find"
echo --- DEL of a file that is read-only
type nul > ro & attrib +r ro
del ro 2>nul
if exist ro echo stays
del /f ro
if not exist ro echo gone
echo --- DEL /S
type nul > d\z.tmp & type nul > h\z.tmp
del /s /q z.tmp >nul
if not exist d\z.tmp if not exist h\z.tmp echo gone
echo --- DEL of a directory's files
mkdir k & type nul > k\1 & type nul > k\2
del /q k
dir /b k
if exist k\ echo stays
echo --- DIR /B
dir /b
echo --- directories alone
dir /b /ad
echo --- files alone
dir /b /a-d
echo --- by name backwards
dir /b /o-n *.txt
echo --- by ending
dir /b /a-d /oe
echo --- by size
echo a longer text> long.txt
dir /b /os 1.txt long.txt
dir /b /o-s 1.txt long.txt
echo --- directories first
dir /b /ogn
echo --- in lower case
type nul > UPPER.low
dir /b /l upper.low
echo --- hidden files
type nul > hid & attrib +h hid
dir /b hid 2>nul
dir /b /ah
echo --- a whole tree
for /f "delims=" %%a in ('dir /s /b /a-d h') do echo %%~nxa
echo --- several patterns
dir /b 1.* long.*
echo --- DIR of what is not there
dir /b nothing 2>&1
echo %errorlevel%
echo --- TYPE
type 1.txt
echo --- TYPE of what is not there
type nothing 2>&1
echo %errorlevel%
echo --- TYPE of a pattern
type 1.* 2>nul
echo --- TYPE of several names their headers
type 1.txt long.txt 2>&1
echo --- ATTRIB
attrib +r 1.txt
for %%f in (1.txt) do set a=%%~af
echo %a:~0,5%
attrib -r 1.txt
echo --- MKLINK of a directory
mklink /d link d >nul
if exist link\1.txt echo there
rmdir link
if exist d\1.txt echo stays
echo --- RMDIR /S asks
mkdir s\t
echo n| rmdir /s s
if exist s\t echo stays
echo y| rmdir /s s >nul
if not exist s echo gone
echo --- DEL *.* asks
mkdir t & type nul > t\1
echo n| del t >nul
if exist t\1 echo stays
echo y| del t >nul
if not exist t\1 echo gone
exit /b 0
